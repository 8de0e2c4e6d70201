import { useEffect, useRef, useState, type RefObject } from 'react'

/** The width of an element in whole pixels, 0 before it is known; figures are drawn for it. */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const at = element.current
    if (!at) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(at)
    setWidth(Math.floor(at.clientWidth))
    return () => observer.disconnect()
  }, [])
  return [element, width]
}
