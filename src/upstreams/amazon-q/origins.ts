/** What a request may say that it comes from (protocol 3.8); it decides on models and on the quota that is charged. */
export const origins = [
  'AI_EDITOR',
  'CHATBOT',
  'CLI',
  'CONSOLE',
  'DOCUMENTATION',
  'GITLAB',
  'IDE',
  'INLINE_CHAT',
  'KIRO_CLI',
  'KIRO_WEB',
  'MARKETING',
  'MD',
  'MD_CE',
  'MD_IDE',
  'MOBILE',
  'OPENSEARCH_DASHBOARD',
  'Q_DEV_BEXT',
  'SAGE_MAKER',
  'SERVICE_INTERNAL',
  'SM_AI_STUDIO_IDE',
  'UNIFIED_SEARCH',
  'UNKNOWN',
] as const

export type QOrigin = (typeof origins)[number]
