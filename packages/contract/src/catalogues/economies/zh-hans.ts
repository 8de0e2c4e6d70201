import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Chinese, simplified. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'economies.sentence_loading': '正在按经济体统计数据包 …',
  'economies.sentence_nothing': '{span, select, last {最近 {length}内} other {{from} 至 {to} 期间}}没有来自已知经济体的数据包。{total, plural, =0 {没有在用的传感器。} other {{total} 台传感器中有 {live} 台上报数据。}}',
  'economies.sentence': '{span, select, last {最近 {length}内} other {{from} 至 {to}}}，{measure, select, packets {来自所在地为 {key} 的地址的数据包最多，共 {value} 个，占全部的 {share}} sources {所在地为 {key} 的源地址最多，共 {value} 个} other {来自所在地为 {key} 的地址的数据包最多，每台在线传感器 {value} 个}}{before, select, same {，在此前等长时段也是第一位} up {，由此前等长时段的第 {previous} 位上升} new {，在此前等长时段未进入前列} none {；此前等长时段没有传感器监测} other {}}。共见到{economies, plural, other { # 个经济体}}；{total} 台传感器中有 {live} 台上报数据。',
  'economies.measure': '深浅的含义',
  'economies.tiles_title': '{measure, select, packets {按源地址所属经济体统计的数据包数} sources {按地址所属经济体统计的源地址数} other {按源地址所属经济体统计的每台在线传感器数据包数}}',
  'economies.tiles_desc': '{n, plural, other {# 个经济体}}，深浅表示数量；数值见旁边的表格。',
  'economies.tile': '{code}：{measure, select, packets {数据包数} sources {源地址数} other {每台在线传感器的数据包数}} {value}，按数据包数列第 {rank} 位',
  'economies.tile_unknown': '{code}，经济体未知：{measure, select, packets {数据包数} sources {源地址数} other {每台在线传感器的数据包数}} {value}',
  'economies.unknown': '经济体未知',
  'economies.share': '占比',
  'economies.series_title': '{n, plural, =1 {第一位经济体} other {前 # 位经济体}}的变化：{measure, select, packets {数据包数} sources {源地址数} other {每台在线传感器的数据包数}}',
  'economies.series_desc': '{keys} 各一条线；数值见表格。',
  'economies.table': '所有经济体',
  'economies.to_ranking': '经济体排名',
}
