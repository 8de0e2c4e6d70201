import { texts as answering } from '../answering/zh-hant.ts'
import { texts as bulletinsPage } from '../bulletins-page/zh-hant.ts'
import { texts as compare } from '../compare/zh-hant.ts'
import { texts as economies } from '../economies/zh-hant.ts'
import { texts as explore } from '../explore/zh-hant.ts'
import { texts as forecasts } from '../forecasts/zh-hant.ts'
import { texts as node } from '../node/zh-hant.ts'
import { texts as overview } from '../overview/zh-hant.ts'
import { texts as people } from '../people/zh-hant.ts'
import { texts as port } from '../port/zh-hant.ts'
import { texts as reportPage } from '../report-page/zh-hant.ts'
import { texts as sensors } from '../sensors/zh-hant.ts'
import { texts as shell } from '../shell/zh-hant.ts'
import { texts as source } from '../source/zh-hant.ts'
import { texts as top } from '../top/zh-hant.ts'
import { texts as ui } from '../ui/zh-hant.ts'
import { texts as warn } from '../warn/zh-hant.ts'

/** Everything that the pages say, in traditional Chinese. */
export const texts = {
  ...shell, ...ui, ...answering, ...overview, ...explore, ...compare, ...port, ...source, ...sensors, ...economies, ...top, ...people, ...node, ...reportPage, ...warn, ...forecasts, ...bulletinsPage,
}
