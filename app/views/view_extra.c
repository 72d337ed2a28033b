#include "app/views/parts.h"
void view_value(Ui *ui, Model *m, ViewState *v, Rect area) { (void)ui; (void)m; (void)v; (void)area; }
void view_weights(Ui *ui, Model *m, ViewState *v, Rect area) { (void)ui; (void)m; (void)v; (void)area; }
void view_cam(Ui *ui, Model *m, ViewState *v, Rect area) { (void)ui; (void)m; (void)v; (void)area; }
void view_compare(Ui *ui, Model *m, ViewState *v, Rect area) { (void)ui; (void)m; (void)v; (void)area; }
