declare module 'markdown-it-container' {
  import type { MarkdownIt, Token } from 'markdown-it';

  interface ContainerOptions {
    render?(tokens: Token[], index: number, options: unknown, env: unknown): string;
  }
  export default function container(md: MarkdownIt, name: string, options?: ContainerOptions): void;
}
