import { type PersonaName, personas } from './personas.fixture.ts';

/**
 * The access table, written out: `r` may read the partition, `w` may write some type of document into it, `rw` both, `-`
 * neither. A hub hands in documents under the names of its people; the cells say where it needs no name. It is what was decided, not
 * what the rules compute: a change of a rule that changes a cell changes this page.
 */
const TABLE = `
partition       nobody  learner  teacher  guardian  employer  admin  operator  author  grading  presence  auditor  courier  receipts  hub
public          r       r        r        r         rw        rw     r         rw      r        r         r        r        r         r
school          -       r        rw       r         -         rw     -         rw      -        -         -        w        -         r
staff           -       -        -        -         -         rw     -         -       -        -         w        -        -         -
course-maths-7  -       r        r        -         -         -      -         rw      -        -         -        -        -         r
course-art-8    -       -        -        -         -         -      -         -       -        -         -        -        -         -
course-drums    -       r        r        r         -         r      -         r       -        -         -        -        -         r
draft-maths-7   -       -        -        -         -         r      -         rw      -        -         -        -        -         -
draft-art-8     -       -        -        -         -         r      -         -       -        -         -        -        -         -
keys-maths-7    -       -        r        -         -         -      -         rw      r        -         -        -        -         r
keys-art-8      -       -        -        -         -         -      -         -       r        -         -        -        -         -
class-7a        -       r        rw       -         -         -      -         -       -        -         -        -        -         rw
class-8b        -       -        -        -         -         -      -         -       -        -         -        -        -         -
register-7a     -       -        rw       -         -         rw     -         -       -        -         -        -        -         rw
register-8b     -       -        -        -         -         rw     -         -       -        -         -        -        -         -
learner-ada     -       rw       rw       r         -         r      -         -       w        w         -        -        w         rw
learner-ben     -       -        rw       -         -         r      -         -       w        w         -        -        w         rw
learner-zoe     -       -        -        -         -         r      -         -       w        w         -        -        w         -
employer-acme   -       w        -        -         rw        r      -         -       -        -         -        -        -         -
employer-bolt   -       w        -        -         -         r      -         -       -        -         -        -        -         -
`;

/** The courses whose catalogue entry says `open`, for the rules and for a school that a test builds. */
export const openCoursesOfTable: ReadonlySet<string> = new Set(['drums']);

export interface AccessCase {
  readonly persona: PersonaName;
  readonly partitionId: string;
  readonly read: boolean;
  readonly write: boolean;
}

function isPersona(name: string): name is PersonaName {
  return Object.keys(personas).includes(name);
}

function parseTable(table: string): readonly AccessCase[] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows.flatMap(([partitionId = '', ...cells]) =>
    cells.map((cell, column): AccessCase => {
      const persona = head[column + 1] ?? '';
      if (!isPersona(persona) || !/^(?:rw?|w|-)$/.test(cell))
        throw new Error(`Not a cell of the table: ${partitionId}, ${persona}: ${cell}`);
      return { persona, partitionId, read: cell.includes('r'), write: cell.includes('w') };
    }),
  );
}

/** Every cell of the table. */
export const accessTable: readonly AccessCase[] = parseTable(TABLE);
