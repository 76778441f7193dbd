set terminal dumb size 100,33 noenhanced
set encoding utf8
set datafile separator comma
set logscale y
set format y '%.0e'
set xlabel 'steps back from the loss'
set ylabel 'relative to the last step'
set key below left Left reverse
set style fill transparent solid 0.15 noborder
plot '/t/flow.csv' skip 1 using (strcol(1) eq 'LSTM' && strcol(2) eq 'forget:1' && strcol(3) eq 'c' ? $9 : NaN):13:('A') with labels notitle, \
  NaN with points pt 'A' title 'LSTM, forget:1, c', \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_max' ? $9 : NaN):13:('B') with labels notitle, \
  NaN with points pt 'B' title 'it''s a_b, uniform, sigma_max', \
  '/t/flow.csv' skip 1 using (strcol(1) eq 'it''s a_b' && strcol(2) eq 'uniform' && strcol(3) eq 'sigma_min' ? $9 : NaN):13:('C') with labels notitle, \
  NaN with points pt 'C' title 'it''s a_b, uniform, sigma_min'
