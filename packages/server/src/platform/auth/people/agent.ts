const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'], [/\bSafari\//, 'Safari'], [/^curl\//, 'curl'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'], [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b/, 'Linux'],
]

/** `Firefox, Linux` of a User-Agent header; empty when nothing is recognised. The header itself is kept nowhere. */
export function describeAgent(header: string | string[] | undefined): string {
  const text = typeof header === 'string' ? header.slice(0, 500) : ''
  const first = (known: typeof browsers) => known.find(([pattern]) => pattern.test(text))?.[1]
  return [first(browsers), first(systems)].filter((part) => part !== undefined).join(', ')
}
