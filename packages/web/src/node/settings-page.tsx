import { listSettings, nodeStatus, type SettingView } from '@hirundo/contract'
import { useAnswer } from '../api/api.ts'
import { useText } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'
import { Answered } from '../ui/state.tsx'
import { Time } from '../ui/time.tsx'
import { NodeSection } from './node-section.tsx'
import { ParamLink } from './param-link.tsx'
import { SettingDrawer } from './setting-drawer.tsx'
import { isKnownSetting, settingText } from './setting-texts.ts'
import { SettingValue } from './setting-value.tsx'
import { useParam } from './use-param.ts'
import './node.css'

const ASKED_EVERY_MS = 15_000
const isChanged = ({ value, default: given }: SettingView): boolean => JSON.stringify(value) !== JSON.stringify(given)

/** How is this node, and what was set differently from what it came with? */
export function SettingsPage() {
  const t = useText()
  const [key, open] = useParam('setting')
  const settings = useAnswer(listSettings, {})
  const status = useAnswer(nodeStatus, {}, { every_ms: ASKED_EVERY_MS })
  const all = settings.data?.settings
  const chosen = all?.find((setting) => setting.key === key)
  const sentence = all && status.data
    ? t(status.data.ready ? 'node.settings_ready' : 'node.settings_not_ready', { changed: all.filter(isChanged).length, n: all.length })
    : t('node.settings_sentence')
  return (
    <Page name={t('shell.settings')} sentence={sentence}>
      <div className="grid">
        <div className="two-thirds"><Answered answer={settings}>{(answer) => <SettingList settings={answer.settings} />}</Answered></div>
        <div className="third"><Answered answer={status} lines={8}>{(answer) => <NodeSection status={answer} />}</Answered></div>
      </div>
      {chosen && <SettingDrawer key={chosen.key} setting={chosen} onClose={() => open(undefined)} />}
    </Page>
  )
}

function SettingList({ settings }: { readonly settings: readonly SettingView[] }) {
  const t = useText()
  return (
    <section className="section" aria-labelledby="settings">
      <h2 id="settings">{t('node.settings_list')}</h2>
      <p className="quiet prose">{t('node.settings_about')}</p>
      <div className="settings-list">{settings.map((setting) => {
        const changed = isChanged(setting)
        return (
          <div key={setting.key} className="setting">
            <div>
              <p data-value={isKnownSetting(setting.key) ? undefined : true}>{settingText(setting, t)}</p>
              <p className="quiet small">
                <code>{setting.key}</code>
                {changed ? <> · <span className="person">{t('node.setting_changed')}</span></> : <> · {t('node.setting_default')}</>}
                {setting.changed_at !== null && <> · <Time at={setting.changed_at} both={false} /></>}
              </p>
            </div>
            <div className="setting-value"><SettingValue setting={setting} value={setting.value} /></div>
            <ParamLink name="setting" value={setting.key} className="button" label={t('people.action_about', { action: t('node.setting_change'), name: settingText(setting, t) })}>{t('node.setting_change')}</ParamLink>
          </div>
        )
      })}</div>
    </section>
  )
}
