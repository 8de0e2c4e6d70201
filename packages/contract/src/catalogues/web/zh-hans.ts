import { texts as answering } from '../answering/zh-hans.ts'
import { texts as bulletinsPage } from '../bulletins-page/zh-hans.ts'
import { texts as compare } from '../compare/zh-hans.ts'
import { texts as economies } from '../economies/zh-hans.ts'
import { texts as explore } from '../explore/zh-hans.ts'
import { texts as forecasts } from '../forecasts/zh-hans.ts'
import { texts as node } from '../node/zh-hans.ts'
import { texts as overview } from '../overview/zh-hans.ts'
import { texts as people } from '../people/zh-hans.ts'
import { texts as port } from '../port/zh-hans.ts'
import { texts as reportPage } from '../report-page/zh-hans.ts'
import { texts as sensors } from '../sensors/zh-hans.ts'
import { texts as shell } from '../shell/zh-hans.ts'
import { texts as source } from '../source/zh-hans.ts'
import { texts as top } from '../top/zh-hans.ts'
import { texts as ui } from '../ui/zh-hans.ts'
import { texts as warn } from '../warn/zh-hans.ts'

/** Everything that the pages say, in simplified Chinese. */
export const texts = {
  ...shell, ...ui, ...answering, ...overview, ...explore, ...compare, ...port, ...source, ...sensors, ...economies, ...top, ...people, ...node, ...reportPage, ...warn, ...forecasts, ...bulletinsPage,
}
