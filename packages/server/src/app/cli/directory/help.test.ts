import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Command } from 'commander'
import { directoryCommands } from './index.ts'

const cli = { environment: {}, out: () => undefined, note: () => undefined }

/** Every command below `command` that does something itself, by its words. */
function leaves(command: Command, words: readonly string[] = []): [string, Command][] {
  return command.commands.flatMap((one) => {
    const path = [...words, one.name()]
    return [...(one.options.some(({ long }) => long === '--format') ? [[path.join(' '), one] as [string, Command]] : []), ...leaves(one, path)]
  })
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => void (text += part) }).outputHelp()
  return text
}

test('every command of the directory says what it does, takes --format json and shows an example unless it takes nothing', () => {
  const program = new Command('hirundo')
  directoryCommands(program, cli)
  const all = leaves(program)
  assert.ok(all.length >= 12, `only ${all.length} commands were found`)
  for (const [words, command] of all) {
    assert.notEqual(command.description(), '', words)
    const takes = command.registeredArguments.length > 0
    if (takes) assert.match(helpOf(command), new RegExp(`Example: hirundo ${words.split(' ')[0]}`), words)
  }
})
