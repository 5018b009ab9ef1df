/** What a client may tell about the place where the user works: members of `userInputMessageContext`. */
import { z } from 'zod'

const text = z.string()
const optionalText = z.string().optional()

/** Exactly one member, as a union of the service has. */
export function oneMember<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject(shape)
    .refine((value) => Object.values(value).filter((member) => member !== undefined).length === 1, {
      message: 'exactly one member of the union must be set',
    })
}

const position = z.strictObject({ line: z.number(), character: z.number() })
const range = z.strictObject({ start: position, end: position })
const programmingLanguage = z.strictObject({ languageName: text })
const documentSymbol = z.strictObject({
  name: text,
  type: z.enum(['DECLARATION', 'USAGE']),
  source: optionalText,
})
const textDocument = z.strictObject({
  relativeFilePath: text,
  programmingLanguage: programmingLanguage.optional(),
  text: optionalText,
  documentSymbols: z.array(documentSymbol).optional(),
})
const editorState = z.strictObject({
  document: textDocument.optional(),
  cursorState: oneMember({ position: position.optional(), range: range.optional() }).optional(),
  relevantDocuments: z
    .array(textDocument.extend({ type: z.enum(['CODE', 'FILE', 'PROMPT', 'WORKSPACE']).optional() }))
    .optional(),
  useRelevantDocuments: z.boolean().optional(),
  workspaceFolders: z.array(text).optional(),
})
const shellState = z.strictObject({
  shellName: text,
  shellHistory: z
    .array(
      z.strictObject({
        command: text,
        directory: optionalText,
        exitCode: z.number().optional(),
        stdout: optionalText,
        stderr: optionalText,
      }),
    )
    .optional(),
})
const appStudioContext = z.strictObject({
  namespace: text,
  propertyName: text,
  propertyValue: optionalText,
  propertyContext: text,
})
const consoleState = z.strictObject({
  region: optionalText,
  consoleUrl: optionalText,
  serviceId: optionalText,
  serviceConsolePage: optionalText,
  serviceSubconsolePage: optionalText,
  taskName: optionalText,
  uxErrorMessage: optionalText,
})
const severity = z.enum(['ERROR', 'HINT', 'INFORMATION', 'WARNING'])
const textDocumentDiagnostic = z.strictObject({
  document: textDocument,
  range,
  source: text,
  severity,
  message: text,
  code: optionalText,
  codeDescription: z.strictObject({ href: text }).optional(),
  tags: z.array(z.enum(['DEPRECATED', 'UNNECESSARY'])).optional(),
  relatedInformation: z
    .array(z.strictObject({ location: z.strictObject({ uri: text, range }), message: text }))
    .optional(),
  data: optionalText,
})
const diagnostic = oneMember({
  textDocumentDiagnostic: textDocumentDiagnostic.optional(),
  runtimeDiagnostic: z.strictObject({ source: text, severity, message: text }).optional(),
})
const environmentState = z.strictObject({
  operatingSystem: optionalText,
  currentWorkingDirectory: z.string().max(256).optional(),
  environmentVariables: z.array(z.strictObject({ key: optionalText, value: optionalText })).optional(),
  timezoneOffset: z.number().optional(),
})

export const surroundings = {
  editorState: editorState.optional(),
  shellState: shellState.optional(),
  gitState: z.strictObject({ status: optionalText }).optional(),
  envState: environmentState.optional(),
  appStudioContext: appStudioContext.optional(),
  diagnostic: diagnostic.optional(),
  consoleState: consoleState.optional(),
  userSettings: z.strictObject({ hasConsentedToCrossRegionCalls: z.boolean().optional() }).optional(),
  additionalContext: z
    .array(z.strictObject({ name: text, description: text, innerContext: optionalText }))
    .optional(),
}
