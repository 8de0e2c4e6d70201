/**
 * Heights for labels that want to stand at `wanted` but need `gap` pixels between them, inside `top` to `bottom`:
 * pushed down in order, then back up from the end. When all do not fit they are spread evenly.
 */
export function placeLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
  const placed: number[] = Array.from({ length: wanted.length }, () => top)
  const step = order.length > 1 ? Math.min(gap, (bottom - top) / (order.length - 1)) : gap
  let last = top - step
  for (const i of order) placed[i] = last = Math.max(wanted[i]!, last + step)
  let next = bottom + step
  for (const i of order.toReversed()) placed[i] = next = Math.min(placed[i]!, next - step)
  return placed
}
