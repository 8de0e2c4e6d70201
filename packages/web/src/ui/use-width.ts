import { startTransition, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Heights of what was drawn last, by name. */
const heights = new Map<string, number>()

/**
 * The width of an element in whole pixels, 0 before it is known. What is drawn for it may be much (a figure has thousands
 * of elements), so that it comes after the page has answered the click that led to it. Under a `name` its room is kept free
 * until then, so that going back finds the place on the page again.
 */
export function useWidth<E extends HTMLElement>(name?: string): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const height = name === undefined || width > 0 ? undefined : heights.get(name)
    if (element.current) element.current.style.minHeight = height === undefined ? '' : `${height}px`
  }, [name, width])
  useEffect(() => {
    const at = element.current
    if (!at) return undefined
    const observer = new ResizeObserver(([entry]) => {
      const { width: wide, height } = entry!.contentRect
      if (name !== undefined && height > 0) heights.set(name, height)
      startTransition(() => setWidth(Math.floor(wide)))
    })
    observer.observe(at)
    startTransition(() => setWidth(Math.floor(at.clientWidth)))
    return () => observer.disconnect()
  }, [name])
  return [element, width]
}
