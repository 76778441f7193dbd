set terminal svg size 420,438 dynamic enhanced background rgb 'white' font 'sans-serif,15'
set encoding utf8
set datafile separator comma
set logscale y
set format y '10^{%T}'
set xlabel '与损失相距的步数'
set ylabel '相对于最后一步'
set key maxcols 1 maxrows 40 spacing 1.15 Left reverse
set style fill transparent solid 0.15 noborder
unset ylabel
set title '相对于最后一步' offset 0,-0.4
set tmargin 2.2
set bmargin at screen 0.4429
set key at screen 0.14, screen 0.2603 left top
set grid ytics lc rgb '#cccccc'
set border 3
set tics nomirror out
unset mytics
set key samplen 4
set output 'out'
plot '/t/flow.csv' skip 1 using (strcol(1) eq 'LSTM' && strcol(2) eq 'forget:1' && strcol(3) eq 'c' ? $9 : NaN):($14 > 0 ? $14 : NaN):15 with filledcurves lc rgb '#0072b2' notitle, \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'LSTM' && strcol(2) eq 'forget:1' && strcol(3) eq 'c' ? $9 : NaN):13 with linespoints lw 2 dt solid pt 7 ps 0.9 pi 1 lc rgb '#0072b2' title 'LSTM, forget:1, c', \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'LSTM' && strcol(2) eq 'forget:1' && strcol(3) eq 'c' ? $9 : NaN):16 with lines lw 2 dt (8,6) lc rgb '#0072b2' notitle, \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_max' ? $9 : NaN):($14 > 0 ? $14 : NaN):15 with filledcurves lc rgb '#d55e00' notitle, \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_max' ? $9 : NaN):13 with linespoints lw 2 dt solid pt 4 ps 0.9 pi 1 lc rgb '#d55e00' title 'it''s a\_b, uniform, sigma\_max', \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_min' ? $9 : NaN):($14 > 0 ? $14 : NaN):15 with filledcurves lc rgb '#009e73' notitle, \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_min' ? $9 : NaN):13 with linespoints lw 2 dt solid pt 9 ps 0.9 pi 1 lc rgb '#009e73' title 'it''s a\_b, uniform, sigma\_min', \
  NaN with lines lw 2 dt (8,6) lc rgb '#555555' title '理论'
