const WIDTH = 72
const HEIGHT = 10

/** A bar from zero within a row of a table; the figure stands beside it. */
export const ShareBar = ({ value, of }: { readonly value: number; readonly of: number }) => (
  <svg className="share-bar" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
    <rect width={of > 0 ? Math.max(value > 0 ? 1 : 0, (value / of) * WIDTH) : 0} height={HEIGHT} />
  </svg>
)
