import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { oneOf } from '../app/search-params.ts'

/** One value of the page's address and how to change it; `undefined` takes it out. Each change is a step of the browser's history. */
export function useParam(name: string): readonly [string | undefined, (value: string | undefined) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const set = useCallback((value: string | undefined) => void navigate({
    to: '.', resetScroll: false,
    search: ((before: Record<string, unknown>) => Object.fromEntries(Object.entries({ ...before, [name]: value }).filter(([, one]) => one !== undefined))) as never,
  } as never), [name, navigate])
  return [oneOf(search[name]), set]
}
