import type { ReactNode } from 'react'
import {
  Button, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue, Switch as AriaSwitch,
  Text, TextArea, TextField as AriaTextField, ToggleButton, ToggleButtonGroup, type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components'

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'children' | 'className'> {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly placeholder?: string
  readonly lines?: number
  /** Language of what is typed, where it is not that of the page. */
  readonly typed_in?: string
}

/** A line of text, or several, with its label above and what is wrong below. */
export function TextField({ label, hint, error, placeholder, lines, typed_in, ...props }: TextFieldProps) {
  const shown = { ...(placeholder === undefined ? {} : { placeholder }), ...(typed_in === undefined ? {} : { lang: typed_in }) }
  return (
    <AriaTextField {...props} className="field" isInvalid={error !== undefined}>
      <Label>{label}</Label>
      {lines === undefined ? <Input className="input" {...shown} /> : <TextArea className="input" rows={lines} {...shown} />}
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  )
}

export interface Choice<K extends string> { readonly id: K; readonly label: string }
interface ChoiceProps<K extends string> {
  readonly label: string
  readonly choices: readonly Choice<K>[]
  readonly value: K
  readonly onChange: (value: K) => void
  readonly hint?: string
}

/** One of many, from a list that opens. */
export function Select<K extends string>({ label, choices, value, onChange, hint }: ChoiceProps<K>) {
  return (
    <AriaSelect className="field" selectedKey={value} onSelectionChange={(key) => onChange(key as K)}>
      <Label>{label}</Label>
      <Button className="button select"><SelectValue /> <span aria-hidden="true">▾</span></Button>
      {hint !== undefined && <Text slot="description" className="field-hint">{hint}</Text>}
      <Popover className="popover">
        <ListBox className="menu" items={choices}>{(choice) => <ListBoxItem className="menu-item">{choice.label}</ListBoxItem>}</ListBox>
      </Popover>
    </AriaSelect>
  )
}

/** One of a few, all visible. */
export function Segmented<K extends string>({ label, choices, value, onChange }: ChoiceProps<K>) {
  return (
    <ToggleButtonGroup className="segmented" aria-label={label} selectionMode="single" disallowEmptySelection selectedKeys={[value]}
      onSelectionChange={(keys) => { for (const key of keys) onChange(key as K) }}>
      {choices.map(({ id, label: text }) => <ToggleButton key={id} id={id}>{text}</ToggleButton>)}
    </ToggleButtonGroup>
  )
}

export function Switch({ children, isSelected, onChange, isDisabled = false }: { readonly children: ReactNode; readonly isSelected: boolean; readonly onChange: (on: boolean) => void; readonly isDisabled?: boolean }) {
  return <AriaSwitch className="switch" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}><span className="track" aria-hidden="true" />{children}</AriaSwitch>
}
