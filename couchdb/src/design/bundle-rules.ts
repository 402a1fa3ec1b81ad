import { join } from 'node:path';
import { build } from 'esbuild';

const HEADER = `/*
 * The rules of structure and authority, made by a program from shared/src/rules (begin at validation/validate-update.ts).
 * Changes belong there: the next upgrade of this school writes this text anew.
 */
`;

/**
 * The validation rules as one CommonJS module without imports, for CouchDB's JavaScript: ES2020, which QuickJS and
 * SpiderMonkey 78 and later run, and no global beyond the language's own.
 */
export async function bundleRules(workspace: string): Promise<string> {
  const result = await build({
    stdin: {
      contents: "export { validateDocUpdate } from '@darasa/shared/rules';",
      resolveDir: join(workspace, 'src', 'design'),
      sourcefile: 'rules-entry.ts',
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2020',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild wrote no bundle of the rules');
  return HEADER + file.text;
}
