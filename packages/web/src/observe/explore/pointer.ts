import { useEffect, type RefObject } from 'react'

const WHEEL_ZOOM = 1.0015

/** Calls back with the pixels that a drag over the plot goes on by. */
export function useDrag(host: RefObject<HTMLElement | null>, onDrag: (pixels: number) => void, is_on: boolean): void {
  useEffect(() => {
    const element = host.current
    if (!element || !is_on) return undefined
    let last: number | undefined
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || event.shiftKey || !(event.target as Element).closest('.u-over')) return
      last = event.clientX
      element.setPointerCapture(event.pointerId)
    }
    const move = (event: PointerEvent) => {
      if (last === undefined) return
      onDrag(event.clientX - last)
      last = event.clientX
    }
    const up = () => { last = undefined }
    element.addEventListener('pointerdown', down)
    element.addEventListener('pointermove', move)
    element.addEventListener('pointerup', up)
    element.addEventListener('pointercancel', up)
    return () => {
      element.removeEventListener('pointerdown', down)
      element.removeEventListener('pointermove', move)
      element.removeEventListener('pointerup', up)
      element.removeEventListener('pointercancel', up)
    }
  }, [host, onDrag, is_on])
}

/** Zooms by the wheel while the plot has the focus, or with Ctrl: a page that is only scrolled past must scroll. */
export function useWheel(host: RefObject<HTMLElement | null>, onZoom: (factor: number, at: number) => void): void {
  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const wheel = (event: WheelEvent) => {
      const over = element.querySelector('.u-over')
      if (!over || !(event.ctrlKey || element.contains(document.activeElement))) return
      event.preventDefault()
      const box = over.getBoundingClientRect()
      onZoom(WHEEL_ZOOM ** -event.deltaY, Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width))))
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [host, onZoom])
}
