export interface DemoCase {
  readonly demo: boolean;
  readonly demoAsked: boolean;
  readonly schools: readonly { readonly demo: boolean }[];
}

/**
 * Whether the demo school is there. Its admin is an operator with a printed password, and an operator reaches every school:
 * beside a real one it is made only when somebody asks for it.
 */
export function hasDemoSchool({ demo, demoAsked, schools }: DemoCase): boolean {
  return demo && (demoAsked || schools.every((school) => school.demo));
}
