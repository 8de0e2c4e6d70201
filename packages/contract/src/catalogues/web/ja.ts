import { texts as answering } from '../answering/ja.ts'
import { texts as bulletinsPage } from '../bulletins-page/ja.ts'
import { texts as compare } from '../compare/ja.ts'
import { texts as economies } from '../economies/ja.ts'
import { texts as explore } from '../explore/ja.ts'
import { texts as forecasts } from '../forecasts/ja.ts'
import { texts as node } from '../node/ja.ts'
import { texts as overview } from '../overview/ja.ts'
import { texts as people } from '../people/ja.ts'
import { texts as port } from '../port/ja.ts'
import { texts as reportPage } from '../report-page/ja.ts'
import { texts as sensors } from '../sensors/ja.ts'
import { texts as shell } from '../shell/ja.ts'
import { texts as source } from '../source/ja.ts'
import { texts as top } from '../top/ja.ts'
import { texts as ui } from '../ui/ja.ts'
import { texts as warn } from '../warn/ja.ts'

/** Everything that the pages say, in Japanese. */
export const texts = {
  ...shell, ...ui, ...answering, ...overview, ...explore, ...compare, ...port, ...source, ...sensors, ...economies, ...top, ...people, ...node, ...reportPage, ...warn, ...forecasts, ...bulletinsPage,
}
