import { ChatIcon, MailIcon, PageIcon, PhoneIcon, TextIcon } from './icons';
import { channel } from './words';

const drawn: Record<string, typeof TextIcon> = { sms: TextIcon, email: MailIcon, voice: PhoneIcon, chat: ChatIcon, portal: PageIcon, app: PageIcon, push: PageIcon };

/** By which way something was said: an icon and the word for it. */
export function ChannelMark({ code }: { code: string }) {
  const Mark = drawn[code] ?? TextIcon;
  return (
    <span className="channel-mark">
      <Mark size={13} /> {channel(code)}
    </span>
  );
}
