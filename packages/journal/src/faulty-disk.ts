import type { Disk, DiskFile } from './disk.ts'

/** What a test makes of the next operation: an error code, or for writes the number of bytes that still go through. */
export interface Faults {
  /** Called before each write; a code fails it after `bytes` went through, a number alone makes it short. */
  write?: (bytes: number) => { readonly bytes: number; readonly code?: string } | undefined
  datasync?: () => string | undefined
  open?: (flags: string) => string | undefined
}

const failure = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code })

/** `disk` with faults in front of it, for tests of everything that keeps a journal. */
export function faultyDisk(disk: Disk, faults: Faults): Disk {
  const wrap = (file: DiskFile): DiskFile => ({
    ...file,
    write: async (bytes, position) => {
      const fault = faults.write?.(bytes.length)
      if (!fault) return file.write(bytes, position)
      const written = fault.bytes > 0 ? await file.write(bytes.subarray(0, fault.bytes), position) : 0
      if (fault.code !== undefined) throw failure(fault.code)
      return written
    },
    datasync: async () => {
      const code = faults.datasync?.()
      if (code !== undefined) throw failure(code)
      await file.datasync()
    },
  })
  return {
    ...disk,
    open: async (path, flags) => {
      const code = faults.open?.(flags)
      if (code !== undefined) throw failure(code)
      return wrap(await disk.open(path, flags))
    },
  }
}
