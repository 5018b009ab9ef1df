import { GatewayError, type FailureKind } from '../conversation/failures.ts'

interface HttpRefusalDetails {
  /** Undefined: the status that the failure has in the caller's dialect. */
  status?: number
  code?: string
  retryAfterSeconds?: number
}

/** A refusal that belongs to HTTP itself: with a status that no failure of the table has, or one that ends the connection. */
export class HttpRefusal extends GatewayError {
  readonly status: number | undefined
  readonly closesConnection: boolean

  private constructor(
    kind: FailureKind,
    message: string,
    { status, closes, ...details }: HttpRefusalDetails & { closes: boolean },
  ) {
    super(kind, message, details)
    this.name = 'HttpRefusal'
    this.status = status
    this.closesConnection = closes
  }

  /** The connection can go on: what was sent has been understood. */
  static keepOpen(kind: FailureKind, message: string, details: HttpRefusalDetails): HttpRefusal {
    return new HttpRefusal(kind, message, { ...details, closes: false })
  }

  /** The connection ends with this answer. */
  static close(kind: FailureKind, message: string, details: HttpRefusalDetails): HttpRefusal {
    return new HttpRefusal(kind, message, { ...details, closes: true })
  }
}
