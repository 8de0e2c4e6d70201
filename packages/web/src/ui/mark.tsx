/** The swallow, in the accent of the theme; its file, which browsers show in the tab, has one colour. */
export const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M2 9c6-1 10 1 13 5 2-5 7-9 15-10-5 3-8 7-9 12 3 2 4 5 4 9-2-3-5-5-9-5-2 4-6 7-12 8 4-3 6-6 7-10C8 16 5 13 2 9z" fill="currentColor" />
  </svg>
)
