/** What was looked at, how it is, and what helps. */
export interface Finding {
  subject: string
  state: 'good' | 'doubtful' | 'bad'
  says: string
  remedy?: string
}

export function good(subject: string, says: string): Finding {
  return { subject, state: 'good', says }
}

export function doubtful(subject: string, says: string, remedy: string): Finding {
  return { subject, state: 'doubtful', says, remedy }
}

export function bad(subject: string, says: string, remedy: string): Finding {
  return { subject, state: 'bad', says, remedy }
}
