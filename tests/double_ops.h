/* double_ops.h - the reference ops once more, with double as their number type and under other names, so that a test can have both. The Makefile
 * includes this before everything else in the objects of build/double. */
#define INCEPTOSCOPE_REAL double
#define window_out double_window_out
#define pool_window double_pool_window
#define conv_forward double_conv_forward
#define conv_backward double_conv_backward
#define maxpool_forward double_maxpool_forward
#define maxpool_backward double_maxpool_backward
#define avgpool_forward double_avgpool_forward
#define avgpool_backward double_avgpool_backward
#define lrn_forward double_lrn_forward
#define lrn_backward double_lrn_backward
#define batchnorm_forward double_batchnorm_forward
#define batchnorm_backward double_batchnorm_backward
#define relu_forward double_relu_forward
#define relu_backward double_relu_backward
#define concat_forward double_concat_forward
#define concat_backward double_concat_backward
#define dropout_forward double_dropout_forward
#define dropout_backward double_dropout_backward
#define fc_forward double_fc_forward
#define fc_backward double_fc_backward
#define softmax_forward double_softmax_forward
#define softmax_backward double_softmax_backward
#define cross_entropy_forward double_cross_entropy_forward
#define cross_entropy_backward double_cross_entropy_backward
