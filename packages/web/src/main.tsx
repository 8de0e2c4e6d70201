import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { ProblemError } from './api/api.ts'
import { makeRouter } from './app/router.tsx'
import { forgetSession } from './app/session.tsx'
import { TextProvider } from './text/text.tsx'
import { useFigureColours } from './ui/figure-style.ts'
import { ToastProvider } from './ui/toast.tsx'
import './ui/tokens.css'
import './ui/base.css'
import './ui/components.css'
import './app/shell.css'

const RETRIES_MAX = 3
const client = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (!(error instanceof ProblemError && error.problem.code === 'auth/required')) return
      // The session ended while the page was open: its address leads to sign-in, and from there back.
      forgetSession(client)
      void router.invalidate()
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      refetchOnWindowFocus: false,
      // Only silence is tried again: an answer with a problem stays that answer.
      retry: (failures, error) => failures < RETRIES_MAX && error instanceof ProblemError && error.problem.code === 'unreachable',
    },
  },
})
const router = makeRouter(client)

function App() {
  useFigureColours()
  return (
    <TextProvider>
      <QueryClientProvider client={client}>
        <ToastProvider><RouterProvider router={router as never} /></ToastProvider>
      </QueryClientProvider>
    </TextProvider>
  )
}

createRoot(document.getElementById('root')!).render(<App />)
