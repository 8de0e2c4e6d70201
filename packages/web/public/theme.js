// Before anything is painted: the theme that the reader chose, else what the system says.
try {
  const chosen = localStorage.getItem('hirundo.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage may be forbidden: the system's theme stands.
}
