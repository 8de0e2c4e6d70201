import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Chinese, traditional. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'economies.sentence_loading': '正在依經濟體統計封包 …',
  'economies.sentence_nothing': '{span, select, last {最近 {length}內} other {{from} 至 {to} 期間}}沒有來自已知經濟體的封包。{total, plural, =0 {沒有使用中的感測器。} other {{total} 台感測器中有 {live} 台回報資料。}}',
  'economies.sentence': '{span, select, last {最近 {length}內} other {{from} 至 {to}}}，{measure, select, packets {來自所在地為 {key} 的位址的封包最多，共 {value} 個，占全部的 {share}} sources {所在地為 {key} 的來源位址最多，共 {value} 個} other {來自所在地為 {key} 的位址的封包最多，每台運作中感測器 {value} 個}}{before, select, same {，在先前等長時段也是第一名} up {，由先前等長時段的第 {previous} 名上升} new {，在先前等長時段未進入前幾名} none {；先前等長時段沒有感測器監測} other {}}。共見到{economies, plural, other { # 個經濟體}}；{total} 台感測器中有 {live} 台回報資料。',
  'economies.measure': '深淺的含義',
  'economies.tiles_title': '{measure, select, packets {依來源位址所屬經濟體統計的封包數} sources {依位址所屬經濟體統計的來源位址數} other {依來源位址所屬經濟體統計的每台運作中感測器封包數}}',
  'economies.tiles_desc': '{n, plural, other {# 個經濟體}}，深淺表示數量；數值見旁邊的表格。',
  'economies.tile': '{code}：{measure, select, packets {封包數} sources {來源位址數} other {每台運作中感測器的封包數}} {value}，依封包數列第 {rank} 名',
  'economies.tile_unknown': '{code}，經濟體不明：{measure, select, packets {封包數} sources {來源位址數} other {每台運作中感測器的封包數}} {value}',
  'economies.unknown': '經濟體不明',
  'economies.share': '占比',
  'economies.series_title': '{n, plural, =1 {第一名的經濟體} other {前 # 名經濟體}}的變化：{measure, select, packets {封包數} sources {來源位址數} other {每台運作中感測器的封包數}}',
  'economies.series_desc': '{keys} 各一條線；數值見表格。',
  'economies.table': '所有經濟體',
  'economies.to_ranking': '經濟體排名',
}
