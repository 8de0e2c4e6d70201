/**
 * Something that only the operator can put right, found while starting or in a command: shown as it is, without a
 * stack. `message` says what is wrong, `next_step` what to do.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  readonly next_step: string

  constructor(message: string, next_step: string) {
    super(message)
    this.next_step = next_step
  }
}

/** A command that was written wrongly: the program ends as for an option that it does not know. */
export class UsageError extends OperatorError {}
