import { Link } from '@tanstack/react-router'
import { useScope } from '../../app/session.tsx'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/state.tsx'
import { lengthText } from '../question/question-bar.tsx'
import { useAsking } from '../question/question.ts'

const LONGER = '30d'

/** An answer of a period that holds nothing: what that says, and what to ask instead. */
export function NothingFound({ title, text }: { readonly title: string; readonly text: string }) {
  const t = useText()
  const { asking, change } = useAsking()
  const may_list = useScope('sensors:read')
  return (
    <Empty title={title}>
      <p>{text}</p>
      <div className="row">
        {asking.last !== LONGER && <Button onPress={() => change({ last: LONGER, from: undefined, to: undefined })}>{t('ui.period_last', { length: lengthText(LONGER, t) })}</Button>}
        {asking.sensor.length > 0 && <Button onPress={() => change({ sensor: undefined })}>{t('ui.sensors_all')}</Button>}
        {asking.research !== 'include' && <Button onPress={() => change({ research: undefined })}>{t('ui.research_include')}</Button>}
        {may_list && <Link to="/observe/sensors">{t('top.empty_sensors')}</Link>}
      </div>
    </Empty>
  )
}
