import { texts as answering } from '../answering/en.ts'
import { texts as bulletinsPage } from '../bulletins-page/en.ts'
import { texts as compare } from '../compare/en.ts'
import { texts as economies } from '../economies/en.ts'
import { texts as explore } from '../explore/en.ts'
import { texts as forecasts } from '../forecasts/en.ts'
import { texts as node } from '../node/en.ts'
import { texts as overview } from '../overview/en.ts'
import { texts as people } from '../people/en.ts'
import { texts as port } from '../port/en.ts'
import { texts as reportPage } from '../report-page/en.ts'
import { texts as sensors } from '../sensors/en.ts'
import { texts as shell } from '../shell/en.ts'
import { texts as source } from '../source/en.ts'
import { texts as top } from '../top/en.ts'
import { texts as ui } from '../ui/en.ts'
import { texts as warn } from '../warn/en.ts'

/** Everything that the pages say, in English: what every other language must have. */
export const texts = {
  ...shell, ...ui, ...answering, ...overview, ...explore, ...compare, ...port, ...source, ...sensors, ...economies, ...top, ...people, ...node, ...reportPage, ...warn, ...forecasts, ...bulletinsPage,
} as const
export type WebTexts = { readonly [K in keyof typeof texts]: string }
