export { accessRules, authorize } from './authorize.ts';
export { createOrg, type OrgWiring } from './create-org.ts';
export { principalsOf } from './principals-of.ts';
