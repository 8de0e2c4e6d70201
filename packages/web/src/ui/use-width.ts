import { startTransition, useEffect, useRef, useState, type RefObject } from 'react'

/**
 * The width of an element in whole pixels, 0 before it is known. What is drawn for it may be much (a figure has thousands
 * of elements), so that it comes after the page has answered the click that led to it.
 */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const at = element.current
    if (!at) return undefined
    const observer = new ResizeObserver(([entry]) => startTransition(() => setWidth(Math.floor(entry!.contentRect.width))))
    observer.observe(at)
    startTransition(() => setWidth(Math.floor(at.clientWidth)))
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
