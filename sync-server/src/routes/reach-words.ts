/** The words of the page that shows how to reach this machine. It is read with no app at hand, so they are the server's. */
export interface ReachWords {
  readonly language: 'en' | 'sw' | 'ar';
  readonly title: (name: string) => string;
  readonly wifi: string;
  readonly wifiPassword: string;
  readonly wifiHidden: string;
  readonly scan: string;
  readonly type: string;
  readonly also: string;
  readonly inApp: string;
  readonly notReachable: string;
  readonly authority: string;
}

const en: ReachWords = {
  language: 'en',
  title: (name) => `Open ${name} on a phone`,
  wifi: 'Join this Wi-Fi',
  wifiPassword: 'Password',
  wifiHidden: 'The phone must be on the same Wi-Fi as this laptop.',
  scan: 'Point the phone’s camera at this square',
  type: 'or type this address into the browser',
  also: 'These addresses lead here too',
  inApp: 'Is Darasa on the phone already? Open “My work” there, then “Add a class laptop”.',
  notReachable: 'This laptop is on no network. Join a Wi-Fi, then load this page again.',
  authority: 'Certificate of this laptop, for phones that need it',
};

const sw: ReachWords = {
  language: 'sw',
  title: (name) => `Fungua ${name} kwenye simu`,
  wifi: 'Jiunge na Wi-Fi hii',
  wifiPassword: 'Nenosiri',
  wifiHidden: 'Simu lazima iwe kwenye Wi-Fi ileile ya kompyuta hii.',
  scan: 'Elekeza kamera ya simu kwenye mraba huu',
  type: 'au andika anwani hii kwenye kivinjari',
  also: 'Anwani hizi pia huleta hapa',
  inApp: 'Je, simu ina Darasa tayari? Fungua “Kazi zangu”, kisha “Ongeza kompyuta ya darasa”.',
  notReachable: 'Kompyuta hii haiko kwenye mtandao wowote. Jiunge na Wi-Fi, kisha pakia ukurasa huu tena.',
  authority: 'Cheti cha kompyuta hii, kwa simu zinazokihitaji',
};

const ar: ReachWords = {
  language: 'ar',
  title: (name) => `افتح ${name} على الهاتف`,
  wifi: 'انضم إلى شبكة Wi-Fi هذه',
  wifiPassword: 'كلمة المرور',
  wifiHidden: 'يجب أن يكون الهاتف على شبكة Wi-Fi نفسها التي عليها هذا الحاسوب.',
  scan: 'وجّه كاميرا الهاتف نحو هذا المربع',
  type: 'أو اكتب هذا العنوان في المتصفح',
  also: 'هذه العناوين تصل إلى هنا أيضًا',
  inApp: 'هل Darasa على الهاتف؟ افتح «أعمالي» فيه، ثم «إضافة حاسوب صف».',
  notReachable: 'هذا الحاسوب ليس على أي شبكة. انضم إلى شبكة Wi-Fi ثم أعد تحميل الصفحة.',
  authority: 'شهادة هذا الحاسوب للهواتف التي تحتاج إليها',
};

const all = { en, sw, ar } as const;

/** The first of a browser's languages that there are words in. */
export function reachWords(acceptLanguage: string | undefined): ReachWords {
  for (const part of (acceptLanguage ?? '').split(',')) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'sw' || language === 'ar') return all[language];
  }
  return en;
}
