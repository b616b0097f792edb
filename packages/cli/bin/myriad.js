#!/usr/bin/env node
console.log('myriad: not built yet');
