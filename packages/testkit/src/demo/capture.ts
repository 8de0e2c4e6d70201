import { readCaptureFile, streamSource, type Source } from '@hirundo/sensor'
import { MINUTE_S } from '@hirundo/base'
import { lastSecond, mapSeconds } from './shift.ts'

const streamsOf = (paths: readonly string[]) => paths.map((path) => ({ name: path, chunks: readCaptureFile(path) }))

/** Captures as they are, or with all times moved by whole minutes so that the last packet lies before `end_s`. */
export async function captureSource(paths: readonly string[], end_s: number | undefined): Promise<Source> {
  if (end_s === undefined) return streamSource(false, streamsOf(paths))
  const last = await lastSecond(streamsOf(paths))
  const delta_s = (Math.floor(end_s / MINUTE_S) - 1 - Math.floor(last / MINUTE_S)) * MINUTE_S
  const moved = streamsOf(paths).map(({ name, chunks }) => ({ name, chunks: mapSeconds(chunks, name, (second) => second + delta_s) }))
  return streamSource(false, moved)
}
