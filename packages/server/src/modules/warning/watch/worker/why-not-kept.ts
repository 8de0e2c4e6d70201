const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EROFS: 'the disk is mounted read-only', EACCES: 'the node may not use the directory',
  EPERM: 'the node may not use the directory', ENOTDIR: 'a file lies where the directory belongs', EEXIST: 'a file lies where the directory belongs',
  EMFILE: 'too many files are open', ENFILE: 'too many files are open', EIO: 'the disk does not read or write',
}

/** Why a file cannot be written or read, for people; without its path, which is nobody's business but the operator's. */
export function whyNotKept(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  if (typeof code === 'string') return reasons[code] ?? code
  return typeof message === 'string' ? message : String(error)
}
