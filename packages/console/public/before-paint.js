// Applies the kept theme and language before the first paint; a file of its own so that no inline script is needed.
(() => {
  try {
    const root = document.documentElement;
    const theme = localStorage.getItem('myriad.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const language = localStorage.getItem('myriad.language');
    if (language === 'zh') root.lang = 'zh-CN';
  } catch {
    // Storage may be closed; the system's choice then holds.
  }
})();
