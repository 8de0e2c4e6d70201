import { Link } from '@tanstack/react-router'
import { useScope } from '../../app/session.tsx'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/state.tsx'
import { lengthText } from '../question/question-bar.tsx'
import { useAsking } from '../question/question.ts'

const LONGER = '30d'

/** No packet in the period: because none came, or because nobody watched; and what to do. */
export function NothingCame({ watched }: { readonly watched: boolean }) {
  const t = useText()
  const { asking, change } = useAsking()
  const may_list = useScope('sensors:read')
  return (
    <Empty title={t(watched ? 'top.empty' : 'top.empty_unwatched')}>
      <p>{t(watched ? 'top.empty_text' : 'top.empty_unwatched_text')}</p>
      <div className="row">
        {asking.last !== LONGER && <Button onPress={() => change({ last: LONGER, from: undefined, to: undefined })}>{t('ui.period_last', { length: lengthText(LONGER, t) })}</Button>}
        {asking.sensor.length > 0 && <Button onPress={() => change({ sensor: undefined })}>{t('ui.sensors_all')}</Button>}
        {asking.research !== 'include' && <Button onPress={() => change({ research: undefined })}>{t('ui.research_include')}</Button>}
        {may_list && <Link to="/observe/sensors">{t('top.empty_sensors')}</Link>}
      </div>
    </Empty>
  )
}
