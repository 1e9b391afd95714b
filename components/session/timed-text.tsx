import { parseOffset } from '@/components/session/session-time';
import { TextButton } from '@/components/ui/text-link';

interface TimedTextProps {
  text: string;
  /** Milliseconds since the session was submitted. */
  onGo: (offset: number) => void;
}

/** A sentence whose times, such as `+00:12:31`, lead to that moment. */
export function TimedText({ text, onGo }: TimedTextProps) {
  return text.split(/(\+\d{2,}:\d\d:\d\d)/).map((part, index) => {
    const offset = index % 2 === 1 ? parseOffset(part) : null;
    if (offset === null) return part;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
      <TextButton key={index} className="min-h-0!" onClick={() => onGo(offset)}>
        {part}
      </TextButton>
    );
  });
}
