import { darkPalette, figureRules, paletteProperties, printPalette } from '@hirundo/figures'
import { useEffect } from 'react'

/** Rules of all figures with the page's colours; a constructed style sheet needs no exception from the security policy. */
export function useFigureColours(): void {
  useEffect(() => {
    const sheet = new CSSStyleSheet()
    const dark = paletteProperties(darkPalette)
    sheet.replaceSync([
      `:root { ${paletteProperties(printPalette)} }`,
      `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${dark} } }`,
      `@media screen { :root[data-theme="dark"] { ${dark} } }`,
      // Where the system has colours of its own, its ground decides, and not the theme that was chosen here.
      `@media screen and (forced-colors: active) { :root:root:root { ${paletteProperties(printPalette)} } }`,
      `@media screen and (forced-colors: active) and (prefers-color-scheme: dark) { :root:root:root { ${dark} } }`,
      figureRules((name) => `var(--figure-${name})`),
    ].join('\n'))
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
    return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet) }
  }, [])
}
