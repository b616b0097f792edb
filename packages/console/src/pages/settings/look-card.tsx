import { switchTheme, useTheme } from '../../shell/theme.ts';
import { shellWords } from '../../shell/words.ts';
import { Choices } from '../../ui/button.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import { switchLanguage, useLanguage } from '../../words/language.ts';
import { settingsWords } from './words.ts';

export function LookCard() {
  const say = useWords(settingsWords);
  const sayShell = useWords(shellWords);
  const language = useLanguage();
  const theme = useTheme();
  return (
    <Card title={say('look')}>
      <Facts
        items={[
          [
            sayShell('language'),
            <Choices
              key="language"
              label={sayShell('language')}
              value={language}
              onChange={switchLanguage}
              options={[
                { value: 'en', label: 'English' },
                { value: 'zh', label: '中文' },
              ]}
            />,
          ],
          [
            sayShell('theme'),
            <Choices
              key="theme"
              label={sayShell('theme')}
              value={theme}
              onChange={switchTheme}
              options={(['system', 'light', 'dark'] as const).map((value) => ({
                value,
                label: sayShell(`theme_${value}`),
              }))}
            />,
          ],
        ]}
      />
    </Card>
  );
}
