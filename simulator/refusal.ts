/** What the service says when it does not answer: one shape for every exception, before it is put into an envelope. */
export interface Refusal {
  /** Exception name without its namespace, e.g. `ValidationException`. */
  name: string
  message: string
  /** Absent: not written. `null` is written, as the service does for its legacy errors. */
  reason?: string | null | undefined
  /** Absent: by name, and for throttling by binding. */
  status?: number | undefined
  /** Further members of the body, e.g. `retryAfterMilliseconds`. */
  extra?: Record<string, unknown> | undefined
  headers?: Record<string, string> | undefined
}

const statusByName: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConflictException: 409,
  ExpiredTokenException: 403,
  InternalServerException: 500,
  ResourceNotFoundException: 404,
  ServiceQuotaExceededException: 402,
  ServiceUnavailableException: 503,
  ThrottlingException: 429,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
  UnsupportedMediaTypeException: 415,
  ValidationException: 400,
}

/** Status of the restJson model; the awsJson binding differs for throttling only. */
export function statusOf(refusal: Refusal): number {
  return refusal.status ?? statusByName[refusal.name] ?? 400
}

export const INVALID_BEARER: Refusal = {
  name: 'AccessDeniedException',
  message: 'The bearer token included in the request is invalid.',
  reason: null,
}
