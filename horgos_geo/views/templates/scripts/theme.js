/* Light or dark: as the system says, until the reader chooses. */
const root = document.documentElement, KEY = "horgos-theme";

/* A private window may keep nothing. */
export function remember(key, value) {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function applyTheme() {
  const saved = remember(KEY);
  if (saved === "dark" || saved === "light") root.dataset.theme = saved;
}

export function toggleTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember(KEY, root.dataset.theme);
}
