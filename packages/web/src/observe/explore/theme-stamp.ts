import { useEffect, useState } from 'react'

/** Changes whenever the colours of the page do; a canvas must then be drawn anew. */
export function useThemeStamp(): number {
  const [stamp, setStamp] = useState(0)
  useEffect(() => {
    const changed = () => setStamp((before) => before + 1)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const observer = new MutationObserver(changed)
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    dark.addEventListener('change', changed)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', changed)
    }
  }, [])
  return stamp
}
