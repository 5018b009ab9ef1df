/** What becomes of each field that clients may send: the one source of the drop lists and of docs/compatibility.md. */

export type Verdict =
  /** Read, and carried to the model or obeyed by the gateway. */
  | 'honoured'
  /** Carried where the model has such a thing, else named in `x-aqueduct-ignored`. */
  | 'by-model'
  /** Refused with 400 by its name for values other than those in the note, until it is emulated. */
  | 'refused'
  /** Accepted and not carried; named in `x-aqueduct-ignored`. */
  | 'ignored'

export interface Parameter {
  verdict: Verdict
  /** For the table of docs/compatibility.md: how, which values. One line. */
  note?: string
}

/** By the field's path, as in `output_config.effort`; list elements as in `tools[].strict`. */
export type Parameters = Readonly<Record<string, Parameter>>
