import type { Page } from './chromium.ts'

/** Runs in the page. Pixels that rounding may cost are forgiven. */
function findLayoutFaults(): string[] {
  const slack_px = 1.5
  const found: string[] = []
  const name = (element: Element): string => {
    const text = (element.textContent ?? '').trim().replace(/\s+/g, ' ').slice(0, 60)
    const classes = typeof element.className === 'string' && element.className !== '' ? `.${element.className.trim().split(/\s+/).join('.')}` : ''
    return `<${element.localName}${element.id === '' ? '' : `#${element.id}`}${classes}> "${text}"`
  }
  const root = document.scrollingElement ?? document.documentElement
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.body.querySelectorAll('*')].filter((element) => {
      const { right, width } = element.getBoundingClientRect()
      return width > 0 && right > root.clientWidth + slack_px && !(element instanceof SVGElement && element.localName !== 'svg')
    })
    // Whose children are wide too is wide because of them.
    const causes = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)))
    found.push(`the page scrolls sideways, ${root.scrollWidth} in ${root.clientWidth} px: ${causes.slice(0, 3).map(name).join(', ')}`)
  }

  const isHidden = (element: Element): boolean => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return true
    for (let at: Element | null = element; at; at = at.parentElement) {
      const { clipPath, position, width, height, overflow } = getComputedStyle(at)
      // The usual way to keep a text for screen readers only.
      if (position === 'absolute' && overflow === 'hidden' && (clipPath !== 'none' || (parseFloat(width) <= 1 && parseFloat(height) <= 1))) return true
    }
    return false
  }
  const ownText = (element: Element): boolean => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '')
  /** The nearest ancestor that cuts or scrolls what sticks out on the right. */
  const frameOf = (element: Element): Element | null => {
    let at = element.parentElement
    while (at && getComputedStyle(at).overflowX === 'visible') at = at.parentElement
    return at
  }

  for (const element of document.body.querySelectorAll('*')) {
    if (element instanceof SVGElement) continue
    const box = element as HTMLElement
    if (!ownText(box) || isHidden(box)) continue
    const style = getComputedStyle(box)
    if (style.display !== 'inline' && style.overflowX !== 'auto' && style.overflowX !== 'scroll' && box.scrollWidth > box.clientWidth + slack_px && box.clientWidth > 0) {
      found.push(`${style.overflowX === 'visible' ? 'text sticks out of' : 'text is cut in'} ${name(box)}: ${box.scrollWidth} in ${box.clientWidth} px`)
    }
    if (['hidden', 'clip'].includes(style.overflowY) && style.display !== 'inline' && box.scrollHeight > box.clientHeight + 4) {
      found.push(`lines are cut in ${name(box)}: ${box.scrollHeight} in ${box.clientHeight} px`)
    }
    const range = document.createRange()
    range.selectNodeContents(box)
    const rect = range.getBoundingClientRect()
    const frame = frameOf(box)
    if (frame && frame !== document.body && frame !== document.documentElement && ['hidden', 'clip'].includes(getComputedStyle(frame).overflowX)) {
      const edge = frame.getBoundingClientRect()
      if (rect.right > edge.right + slack_px || rect.left < edge.left - slack_px) found.push(`${name(box)} is cut by ${name(frame)}`)
    }
  }
  for (const text of document.querySelectorAll('svg text')) {
    const svg = (text as SVGTextElement).ownerSVGElement!
    if (isHidden(svg) || text.textContent!.trim() === '') continue
    const [rect, edge] = [text.getBoundingClientRect(), svg.getBoundingClientRect()]
    if (rect.width === 0) continue
    if (rect.right > edge.right + 2 || rect.left < edge.left - 2 || rect.bottom > edge.bottom + 4 || rect.top < edge.top - 4) {
      found.push(`${name(text)} sticks out of its figure`)
    }
  }
  return found
}

/** Texts that are cut or stick out, and a page that scrolls sideways: one line each. */
export const layoutFaults = (page: Page): Promise<string[]> => page.evaluate(findLayoutFaults)
