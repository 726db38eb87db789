/// <reference lib="dom" />

/** The page follows the system's theme until somebody chooses. */
export function switchThemes(): void {
  const button = document.getElementById('theme')!;
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => {
    const chosen = root.dataset['theme'];
    return chosen === undefined ? system.matches : chosen === 'dark';
  };
  const label = () => button.setAttribute('aria-pressed', String(isDark()));
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    label();
  });
  system.addEventListener('change', label);
  label();
}
