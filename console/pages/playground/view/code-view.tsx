import { useState } from 'preact/hooks'
import { speak } from '../../../i18n/messages.ts'
import { CopyButton } from '../../../parts/copy-button.tsx'
import { SelectField } from '../../../parts/field.tsx'
import { writeCurl } from '../code/write-curl.ts'
import { writePython, writeTypeScript } from '../code/write-sdk.ts'
import { messages } from '../messages.ts'
import type { WrittenRequest } from '../request/write-request.ts'

const writers = { curl: writeCurl, Python: writePython, TypeScript: writeTypeScript }
const languages = ['curl', 'Python', 'TypeScript'] as const

/** The request as a program of the client's own, with a place for its key. */
export function CodeView({ request }: { request: WrittenRequest }) {
  const text = speak(messages)
  const [language, setLanguage] = useState<(typeof languages)[number]>('curl')
  const code = writers[language](request, window.location.origin)
  return (
    <div class="form">
      <SelectField
        label={text('language')}
        value={language}
        hint={text('codeHint')}
        options={languages.map((each) => ({ value: each, label: each }))}
        onChoice={setLanguage}
      />
      <pre class="code-view" tabIndex={0} aria-label={text('code')}>
        <code>{code}</code>
      </pre>
      <div class="actions">
        <CopyButton text={code} />
      </div>
    </div>
  )
}
