/** A settings file is not changed, as nobody could say what would become of it. The message is half a sentence. */
export class MergeRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MergeRefused'
  }
}
