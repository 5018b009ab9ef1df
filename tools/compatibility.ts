/** `node tools/compatibility.ts`: writes docs/compatibility.md anew from the tables of the dialects. */
import { writeFileSync } from 'node:fs'
import { dialects } from '../src/dialects/index.ts'
import { compatibilityPage } from './compatibility/compatibility-page.ts'
import { pageFile } from './compatibility/page-file.ts'

writeFileSync(pageFile, compatibilityPage(dialects))
