import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/text.tsx'
import { Table } from '../table.tsx'
import { Time } from '../time.tsx'
import { made_at_ms, ports } from './made-up.ts'
import { Specimens } from './specimen.tsx'

export function Tables() {
  const t = useText()
  const format = useFormat()
  return (
    <Specimens title={t('node.gallery_tables')}>
      <Table caption={t('node.gallery_table')} rows={ports} row_key={({ key }) => key} columns={[
        { id: 'rank', head: t('ui.rank'), number: true, cell: ({ rank }) => <span data-value>{rank}</span> },
        { id: 'port', head: t('ui.port'), row_head: true, cell: ({ key }) => <code>{key}</code> },
        { id: 'service', head: t('ui.service'), cell: ({ service }) => <span data-value>{service ?? '—'}</span> },
        { id: 'packets', head: t('ui.packets'), number: true, cell: ({ packets }) => packets === null ? <span className="quiet">{t('ui.hole')}</span> : <span data-value>{format.number(packets)}</span> },
      ]} />
      <h3>{t('node.gallery_times')}</h3>
      <dl className="facts">
        <div><dt>{t('people.last_seen')}</dt><dd><Time at={new Date(made_at_ms).toISOString()} /></dd></div>
        <div><dt>{t('people.created')}</dt><dd><Time at={new Date(made_at_ms).toISOString()} both={false} /></dd></div>
        <div><dt>{t('people.last_used')}</dt><dd><Time at={null} /></dd></div>
        <div><dt>{t('node.started')}</dt><dd data-value>{format.duration(8130)}</dd></div>
        <div><dt>{t('ui.packets')}</dt><dd data-value>{format.number(1_234_567)} · {format.compact(1_234_567)} · {format.percent(0.128)} · {format.ratio(2.4)}</dd></div>
      </dl>
    </Specimens>
  )
}
