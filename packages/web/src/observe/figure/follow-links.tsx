import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

/** Where a press that the browser would follow by itself leads within these pages; undefined: leave it to the browser. */
function insideOf(event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined
  const href = (event.target as Element).closest('svg a')?.getAttribute('href')
  return href?.startsWith('/') ? href : undefined
}

/** Links inside of figures lead to other pages without loading everything anew. */
export function FollowLinks({ children }: { readonly children: ReactNode }) {
  const router = useRouter()
  return (
    <div className="stack" onClick={(event) => {
      const href = insideOf(event)
      if (href === undefined) return
      event.preventDefault()
      void router.navigate({ href })
    }}>{children}</div>
  )
}
